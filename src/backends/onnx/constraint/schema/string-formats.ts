/** What a string of a format looks like: a pattern, and its own bound on the length where it has one. */
type StringFormat = { readonly source: string; readonly maxLength?: number };

const leapCentury = '(?:[02468][048]|[13579][26])00';
const leapYear = '\\d\\d(?:0[48]|[2468][048]|[13579][26])';
const monthAndDay =
  '(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8])';
const date = `(?:\\d{4}-(?:${monthAndDay})|(?:${leapCentury}|${leapYear})-02-29)`;
const hourAndMinute = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const time = `${hourAndMinute}:[0-5]\\d(?:\\.\\d{1,9})?(?:[Zz]|[+-]${hourAndMinute})`;

const days = '(?:\\d{1,4}Y)?(?:\\d{1,4}M)?(?:\\d{1,4}D)?';
const someDays = '(?:\\d{1,4}Y(?:\\d{1,4}M)?(?:\\d{1,4}D)?|\\d{1,4}M(?:\\d{1,4}D)?|\\d{1,4}D)';
const someHours = 'T(?:\\d{1,4}H(?:\\d{1,4}M)?(?:\\d{1,4}S)?|\\d{1,4}M(?:\\d{1,4}S)?|\\d{1,4}S)';

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const mailLabel = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,22}[A-Za-z0-9])?';
const mailbox = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-]{1,32}";

const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = `(?:${byte}\\.){3}${byte}`;
const group = '[0-9A-Fa-f]{1,4}';
/** With `::` for the groups between the first and the last ones, of which there are at most seven. */
const shortened = Array.from({ length: 8 }, (_, before) => {
  const first = before === 0 ? '' : `${group}(?::${group}){${before - 1}}`;
  const after = 7 - before;
  return `${first}::${after === 0 ? '' : `(?:${group}(?::${group}){0,${after - 1}})?`}`;
});
const ipv6 = `(?:${group}(?::${group}){7}|(?:${group}:){6}${ipv4}|::(?:[Ff]{4}:)?${ipv4}|${shortened.join('|')})`;

const hex = '%[0-9A-Fa-f]{2}';
const name = "[A-Za-z0-9\\-._~!$&'()*+,;=]";
const uriPart = "[A-Za-z0-9\\-._~!$&'()*+,;=:@]";
const path = `(?:\\/|${uriPart}|${hex}){0,128}`;
const authority = `(?:(?:${name}|:|${hex}){1,32}@)?(?:\\[${ipv6}\\]|(?:${name}|${hex}){0,64})(?::\\d{0,5})?`;
const tail = `(?:\\?(?:[/?]|${uriPart}|${hex}){0,128})?(?:#(?:[/?]|${uriPart}|${hex}){0,64})?`;
const uri = `[A-Za-z][A-Za-z0-9+\\-.]{0,31}:(?:\\/\\/${authority}(?:\\/${path})?|\\/?(?:${uriPart}|${hex})${path})${tail}`;

const relative = `(?:\\/?(?:${uriPart}|${hex})${path})?${tail}`;
const hostLabel = '[A-Za-z0-9]{1,32}(?:-[A-Za-z0-9]{1,16}){0,3}';
const url = `(?:https?|ftp):\\/\\/(?:${hostLabel}\\.){1,4}[A-Za-z]{2,24}(?::\\d{2,5})?(?:\\/[!-~]{0,256})?`;
const variable = '[A-Za-z0-9_]{1,32}';
const expression = `\\{[+#./;?&]?${variable}(?:,${variable}){0,3}\\}`;
const pointer = '(?:\\/(?:[^~\\/]|~[01]){0,64}){0,8}';

/**
 * The formats that are held while writing. Every string that these allow is one that ajv-formats allows; not all of the
 * rare ones are there, such as a leap second, or the parts of an address beyond the lengths that are seen.
 */
export const stringFormats: Readonly<Record<string, StringFormat | undefined>> = {
  date: { source: `^${date}$` },
  time: { source: `^${time}$` },
  'date-time': { source: `^${date}[Tt ]${time}$` },
  'iso-time': { source: `^${time}$` },
  'iso-date-time': { source: `^${date}[Tt ]${time}$` },
  duration: { source: `^P(?:${someDays}|${days}${someHours}|\\d{1,4}W)$` },
  email: { source: `^${mailbox}(?:\\.${mailbox}){0,2}@(?:${mailLabel}\\.){1,4}${mailLabel}$` },
  hostname: { source: `^${label}(?:\\.${label}){0,8}$`, maxLength: 253 },
  ipv4: { source: `^${ipv4}$` },
  ipv6: { source: `^${ipv6}$` },
  uri: { source: `^${uri}$` },
  'uri-reference': { source: `^(?:${uri}|${relative})$` },
  'uri-template': { source: `^(?:[A-Za-z0-9\\-._~:/?#@!$&()*+,;=]|${hex}|${expression}){1,64}$` },
  url: { source: `^${url}$` },
  uuid: { source: '^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$' },
  byte: { source: '^(?:[A-Za-z0-9+/]{4}){0,96}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' },
  'json-pointer': { source: `^${pointer}$` },
  'json-pointer-uri-fragment': {
    source: `^#(?:\\/(?:[A-Za-z0-9_\\-.!$&'()*+,;:=@]|${hex}|~[01]){0,64}){0,8}$`,
  },
  'relative-json-pointer': { source: `^(?:0|[1-9]\\d{0,2})(?:#|${pointer})$` },
};

/** The formats that are checked, but not held: a grammar cannot say what they look like. */
export const checkedFormats: readonly string[] = ['regex'];
