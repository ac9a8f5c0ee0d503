import type { ToolDefinition } from '../../../runtime/tool-definition.ts';
import { GrammarWriter, literal } from '../constraint/grammar-writer.ts';
import { writeSchema } from '../constraint/schema/write-schema.ts';
import type { ToolFormat } from './tool-format.ts';

/**
 * The grammar of what stands between the markers of a call, where the format has markers; otherwise of a whole turn,
 * which is one call, or an answer that does not begin with a brace.
 *
 * @param required Whether the turn must be a call.
 * @throws RangeError where nothing satisfies a tool's parameters.
 */
export const toolGrammar = (tools: readonly ToolDefinition[], format: ToolFormat, required: boolean): string => {
  const writer = new GrammarWriter();
  const calls = tools.map(({ name, parameters }) => {
    const opening = literal(`{"name": ${JSON.stringify(name)}, "arguments": `);
    return `${opening} ${writeSchema(writer, parameters)} "}"`;
  });
  const call = writer.rule('call', calls.join(' | '));
  if (format.markers === undefined) return writer.write(required ? call : `${call} | [^{ \\n] [^\\0]*`);
  return writer.write(format.list ? `"[" ${call} (", " ${call})* "]"` : `"\\n" ${call} "\\n"`);
};
