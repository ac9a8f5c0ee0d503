/** How to call the command line. */
export const usage = `millrace models list           the models with a short name, and what is here
millrace models pull NAME      downloads a model: a short name, or an id such as owner/name
millrace models remove NAME    deletes what was downloaded of it
millrace models doctor         what works on this machine, and why the rest doesn't

  --dtype FORM       which form of its weights: fp32, fp16, q8, q4, …
  --revision NAME    a branch, a tag or a commit
  --cache-dir PATH   where downloads are kept; as \`cacheDir\` in a program
  --models-dir PATH  a folder with models in folders of their names; else MILLRACE_MODELS
  --help             shows this`;
