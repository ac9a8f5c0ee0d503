// Runs `npm start`, with the words given to this script, and makes docs/tour.svg, a picture of what it printed.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const columns = 100;
const size = { font: 13, letter: 7.83, line: 18, edge: 18 };
const colours = { 31: '#ff7b72', 32: '#7ee787', 35: '#d2a8ff', 36: '#79c0ff', '1;36': '#79c0ff', 2: '#8b949e' };

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const words = process.argv.slice(2);
const { NO_COLOR: _, ...environment } = process.env;
const { stdout, status } = spawnSync('npm', ['start', '--silent', ...(words.length > 0 ? ['--', ...words] : [])], {
  encoding: 'utf8',
  env: { ...environment, FORCE_COLOR: '1' },
  stdio: ['ignore', 'pipe', 'inherit'],
  shell: process.platform === 'win32',
});
if (status !== 0) process.exit(status ?? 1);

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The spans of a line: a text and its look each. */
const spansOf = (line) => {
  let look = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
  return line.split(/\u001b\[([\d;]*)m/).flatMap((piece, index) => {
    if (index % 2 === 1) look = piece === '0' ? '' : piece;
    return index % 2 === 1 || piece === '' ? [] : [{ text: piece, look }];
  });
};

/** Breaks a line that is too long at spaces; what follows keeps its indent. */
const wrapped = (spans) => {
  const indent = /^ */.exec(spans[0]?.text ?? '')[0];
  const lines = [[]];
  let width = 0;
  for (const { text, look } of spans) {
    for (const word of text.match(/\s*\S+|\s+$/g) ?? []) {
      const breaks = width > 0 && width + word.length > columns;
      if (breaks) lines.push([]);
      const shown = breaks ? indent + word.trimStart() : word;
      width = (breaks ? 0 : width) + shown.length;
      const last = lines.at(-1).at(-1);
      if (last?.look === look) last.text += shown;
      else lines.at(-1).push({ text: shown, look });
    }
  }
  return lines;
};

const drawn = ({ text, look }) => {
  const fill = colours[look] ? ` fill="${colours[look]}"` : '';
  const weight = look.startsWith('1') ? ' font-weight="bold"' : '';
  return fill || weight ? `<tspan${fill}${weight}>${escaped(text)}</tspan>` : escaped(text);
};

const prompt = [{ text: `$ npm start${words.length > 0 ? ` -- ${words.join(' ')}` : ''}`, look: '2' }];
const lines = [prompt, [], ...stdout.trimEnd().split('\n').map(spansOf)].flatMap(wrapped);
const width = Math.ceil(columns * size.letter + 2 * size.edge);
const height = lines.length * size.line + 2 * size.edge;
const rows = lines.map((spans, row) =>
  spans.length === 0 ? '' : `<text y="${size.edge + size.font + row * size.line}">${spans.map(drawn).join('')}</text>`,
);

const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>
rect { fill: #0d1117; stroke: #30363d }
text { fill: #e6edf3; font: ${size.font}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
<g transform="translate(${size.edge})">
${rows.filter((row) => row !== '').join('\n')}
</g>
</svg>
`;
writeFileSync('docs/tour.svg', picture);
console.error(`docs/tour.svg: ${lines.length} lines, ${Math.ceil(picture.length / 1000)} kB`);
