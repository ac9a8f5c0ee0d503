export {
  type ScriptedBackend,
  type ScriptedEvent,
  type ScriptedReading,
  type ScriptedReply,
  scripted,
} from '../backends/scripted.ts';
export { backendContract, type ContractClause } from './backend-contract.ts';
export { marbles } from './marbles.ts';
