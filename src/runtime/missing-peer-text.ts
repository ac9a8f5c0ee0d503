/** What to tell about an optional peer package that could not be imported. `use` is what millrace does with it. */
export const missingPeerText = (name: string, use: string, cause: unknown): string => {
  const { code, message } = cause as NodeJS.ErrnoException;
  const absent = code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`);
  return absent
    ? `Expected the package ${name} beside millrace, which ${use} with it, found none: npm install ${name}`
    : `Expected the package ${name} to load, received "${message}": install it again for this platform, npm install ${name}`;
};
