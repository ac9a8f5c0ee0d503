import type { DownloadProgress } from 'millrace';

const width = 20;

/** How far a download is, in one line: `━━━━━━━━────────────  41 %  352 of 859 MB  12.4 MB/s`. */
export const showDownload = ({ loaded, total, speed }: DownloadProgress): string => {
  const share = total === 0 ? 0 : loaded / total;
  const done = Math.floor(share * width);
  return [
    '━'.repeat(done) + '─'.repeat(width - done),
    `${Math.floor(share * 100)} %`,
    `${megabytes(loaded)} of ${megabytes(total)} MB`,
    ...(speed === 0 ? [] : [`${(speed / 1e6).toFixed(1)} MB/s`]),
  ].join('  ');
};

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
