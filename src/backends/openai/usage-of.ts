import type { Usage } from '../../runtime/inference-event.ts';
import type { ChatUsage } from './chat-chunk.ts';

/** A server's count in our words. Some leave reasoning out of `completion_tokens`; the total has it. */
export const usageOf = (usage: ChatUsage): Usage => {
  const input = usage.prompt_tokens ?? 0;
  const cached = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? 0;
  const output = Math.max(usage.completion_tokens ?? 0, (usage.total_tokens ?? 0) - input);
  return { input, cached: Math.min(cached, input), output };
};
