import * as millrace from 'millrace';
import * as onnx from 'millrace/onnx';
import * as openai from 'millrace/openai';
import * as testing from 'millrace/testing';
import { describe, expect, it } from 'vitest';

describe('the public surface', () => {
  it.each([
    ['millrace', millrace],
    ['millrace/onnx', onnx],
    ['millrace/openai', openai],
    ['millrace/testing', testing],
  ])('of %s is what it is meant to be', (_, entry) => {
    expect(Object.keys(entry).sort()).toMatchSnapshot();
  });
});
