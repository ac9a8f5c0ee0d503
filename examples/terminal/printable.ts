// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f]/g;
const hidden = /[\u0080-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Makes a text that a model or a file brought harmless to print: escape codes and other control characters become
 * pictures of themselves (`␛`), so that none reaches the terminal. Line breaks stay.
 */
export const printable = (text: string): string =>
  text
    .replaceAll('\r', '')
    .replaceAll('\t', '  ')
    .replaceAll(controls, (control) =>
      control === '\u007f' ? '␡' : String.fromCharCode(0x2400 + control.charCodeAt(0)),
    )
    .replaceAll(hidden, '');
