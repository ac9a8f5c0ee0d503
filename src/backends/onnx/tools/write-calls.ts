import type { ToolCall } from '../../../runtime/tool-call.ts';
import type { ToolFormat } from './tool-format.ts';

/** Calls as the model would have written them. */
export const writeCalls = (calls: readonly ToolCall[], { markers, list }: ToolFormat): string => {
  const objects = calls.map(({ name, arguments: given }) => JSON.stringify({ name, arguments: given }));
  if (markers === undefined) return objects.join('\n');
  const { begin, end } = markers;
  return list
    ? `${begin}[${objects.join(', ')}]${end}`
    : objects.map((object) => `${begin}\n${object}\n${end}`).join('\n');
};
