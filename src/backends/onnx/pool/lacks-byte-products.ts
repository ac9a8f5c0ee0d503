import { readFileSync } from 'node:fs';

/**
 * Whether a processor is known to lack instructions for sums of products of 8-bit numbers (VNNI), without which quantised
 * models compute prompts faster in single precision: x86 processors before Intel's Ice Lake and AMD's Zen 4. Only Linux
 * tells; elsewhere it is taken to have them.
 *
 * @param description Defaults to /proc/cpuinfo.
 */
export const lacksByteProducts = (description: string = readDescription()): boolean => {
  const flags = /^flags\s*:(.*)$/m.exec(description)?.[1]?.split(' ') ?? [];
  return flags.includes('avx2') && !flags.includes('avx512_vnni') && !flags.includes('avx_vnni');
};

const readDescription = (): string => {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
};
