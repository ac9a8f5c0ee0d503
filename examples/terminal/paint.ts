/** What a piece of text is, which decides how it looks. */
export type Tone = 'plain' | 'heading' | 'title' | 'note' | 'call' | 'route' | 'good' | 'bad';

/** Gives a text the look of its tone. */
export type Paint = (text: string, tone: Tone) => string;

// Of the sixteen colours only, which every terminal theme keeps readable.
const codes: { readonly [tone in Tone]: string } = {
  plain: '',
  heading: '1;36',
  title: '1',
  note: '2',
  call: '36',
  route: '35',
  good: '32',
  bad: '31',
};

/** Makes the paint of a terminal with colours, or of one without, which leaves every text as it is. */
export const makePaint =
  (colour: boolean): Paint =>
  (text, tone) =>
    colour && codes[tone] !== '' && text !== '' ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text;
