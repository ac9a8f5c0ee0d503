// Runs `npm start`, with the words given to this script, and makes docs/tour.svg of it: a terminal in which every line
// appears when it was printed. Where animations are not wanted, its last lines stand still.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [columns, rows] = [108, 34];
const size = { font: 13, letter: 7.83, line: 18, edge: 18 };
const hold = 8;
const colours = { 31: '#ff7b72', 32: '#7ee787', 35: '#d2a8ff', 36: '#79c0ff', '1;36': '#79c0ff', 2: '#8b949e' };

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** The lines that a command prints, each with the seconds after the first one at which it was whole. */
const record = (command, words) =>
  new Promise((resolve, reject) => {
    const { NO_COLOR: _, ...environment } = process.env;
    const child = spawn(command, words, {
      env: { ...environment, FORCE_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    });
    const lines = [];
    let [open, start] = ['', undefined];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      start ??= performance.now();
      const whole = (open + text).split('\n');
      open = whole.pop();
      for (const line of whole) lines.push({ line, at: (performance.now() - start) / 1000 });
    });
    child.on('error', reject).on('close', (code) => (code === 0 ? resolve(lines) : reject(new Error(`exit ${code}`))));
  });

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

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const drawn = ({ text, look }) => {
  const fill = colours[look] ? ` fill="${colours[look]}"` : '';
  const weight = look.startsWith('1') ? ' font-weight="bold"' : '';
  return fill || weight ? `<tspan${fill}${weight}>${escaped(text)}</tspan>` : escaped(text);
};

/** How far down the text stands once `count` lines of it are there: the last of them is the last row. */
const offset = (count) => (rows - count) * size.line;

const words = process.argv.slice(2);
const named = words.length > 0 ? ['--', ...words] : [];
const printed = await record('npm', ['start', '--silent', ...named]);
const lines = [
  { spans: [{ text: ['$ npm start', ...named].join(' '), look: '2' }], at: 0 },
  { spans: [], at: 0 },
  ...printed.flatMap(({ line, at }) => wrapped(spansOf(line)).map((spans) => ({ spans, at }))),
];

const length = lines.at(-1).at + hold;
const percent = (at) => `${((at / length) * 100).toFixed(2)}%`;
const whenShown = new Map(lines.map(({ at }, index) => [percent(at), index + 1]));
const turns = [...whenShown].map(([at, count]) => `${at}{transform:translateY(${offset(count)}px)}`);
const width = Math.ceil(columns * size.letter + 2 * size.edge);
const height = rows * size.line + 2 * size.edge;
const texts = lines.map(
  ({ spans }, row) => `<text y="${size.font + row * size.line}">${spans.map(drawn).join('')}</text>`,
);

const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xml:space="preserve">
<style>
text { fill: #e6edf3; font: ${size.font}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }
g { animation: roll ${length.toFixed(2)}s step-end infinite }
@keyframes roll { ${turns.join(' ')} }
@media (prefers-reduced-motion: reduce) { g { animation: none } }
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="#0d1117" stroke="#30363d"/>
<svg x="${size.edge}" y="${size.edge}" width="${width - 2 * size.edge}" height="${rows * size.line}">
<g transform="translate(0 ${offset(lines.length)})">
${texts.join('\n')}
</g>
</svg>
</svg>
`;
writeFileSync('docs/tour.svg', picture);
console.error(`docs/tour.svg: ${lines.length} lines, ${length.toFixed(1)} s, ${Math.ceil(picture.length / 1000)} kB`);
