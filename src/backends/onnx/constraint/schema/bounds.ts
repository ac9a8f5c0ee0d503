/**
 * What a model may write where a schema sets no bound of its own, so that no answer runs away; `docs/schemas.md` lists
 * them. A schema's own bound always takes the place of ours, in either direction.
 */
export const bounds = {
  /** Characters of a string without `maxLength`, beyond its `minLength`. */
  characters: 512,
  /** Items of an array without `maxItems`, beyond its `minItems` and `prefixItems`. */
  items: 32,
  /** Properties of an object beside those that it declares, without `maxProperties`. */
  properties: 8,
  /** Characters of the name of such a property. */
  nameCharacters: 64,
  /** Values within values, where the schema leaves open what they are. */
  depth: 3,
  /** Items or properties of each of these. */
  openItems: 8,
  /** How often a schema may be within itself. */
  recursion: 5,
  /** Digits of an integer, and before the point of a number; a schema's own bounds may need more. */
  integerDigits: 15,
  /** Digits before the point of a number that has digits behind it: with those, no more than a double keeps. */
  wholeDigits: 9,
  /** Digits behind the point. */
  fractionDigits: 6,
  /** The largest `multipleOf` that is held while writing. */
  multipleOf: 1000,
  /** Ways to satisfy one schema through `anyOf`, `oneOf` and the like. */
  alternatives: 1000,
  /** Rules of one grammar. */
  rules: 20_000,
} as const;
