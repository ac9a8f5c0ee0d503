import { ModelError } from './model-error.ts';

/** The error for an optional peer package that could not be imported. */
export const missingPeer = (name: string, cause: unknown): ModelError => {
  const { code, message } = cause as NodeJS.ErrnoException;
  const absent = code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`);
  return new ModelError(
    absent
      ? `Expected the package ${name} beside millrace, which runs models with it, found none: npm install ${name}`
      : `Expected the package ${name} to load, received "${message}": install it again for this platform, npm install ${name}`,
    { cause },
  );
};
