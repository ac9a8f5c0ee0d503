import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DownloadProgress } from '../../../runtime/download-progress.ts';
import { configuredFiles } from '../configured-files.ts';
import { damagedFile } from '../damaged-file.ts';
import { dtypeSuffixes } from '../dtype.ts';
import { externalFiles } from '../external-files.ts';
import { graphDtypes } from '../graph-dtypes.ts';
import { ModelError } from '../model-error.ts';
import type { JsonObject } from '../model-files.ts';
import { alone } from './alone.ts';
import { DownloadError } from './download-error.ts';
import { fetchPart } from './fetch-part.ts';
import { hubDtypes } from './hub-dtypes.ts';
import type { HubModel } from './hub-model.ts';
import type { HubSettings } from './hub-settings.ts';
import { ProgressMeter } from './progress-meter.ts';
import { lookFor, type RemoteFile } from './remote-file.ts';
import { requiredFiles, wholeModel } from './whole-model.ts';

/** Who waits for a download. */
export type DownloadWatch = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
};

/** Where a file is to lie, and under which name it comes until all are there. */
type Part = { readonly place: string; readonly part: string; readonly size?: number };

const optionalFiles = ['generation_config.json', 'chat_template.jinja'];

/**
 * Fetches one form of a model into its folder in the cache. The files get their names once all are there, the .onnx file
 * last: a folder that has it holds the whole model. What a download that broke off has brought is used by the next one,
 * in whatever process.
 */
export class ModelDownload {
  readonly #model: HubModel;
  readonly #folder: string;
  readonly #hub: HubSettings;
  readonly #signal: AbortSignal;
  readonly #meter: ProgressMeter;

  constructor(model: HubModel, folder: string, hub: HubSettings, { signal, onProgress }: DownloadWatch) {
    this.#model = model;
    this.#folder = folder;
    this.#hub = hub;
    this.#signal = signal;
    this.#meter = new ProgressMeter(model.name, onProgress);
  }

  /** @throws DownloadError where asking again may help, ModelError where it does not. */
  async run(): Promise<void> {
    try {
      await this.#run();
    } finally {
      this.#meter.stop();
    }
  }

  async #run(): Promise<void> {
    const configPart = await this.#fetch(await this.#require('config.json'));
    const config = await readObject(configPart.part);
    const graph = await this.#findGraph(config);
    const weights = configuredFiles(basename(graph.path), config).map(besideGraph);
    const needed = [...requiredFiles.slice(1), ...weights].map((path) => this.#require(path));
    const files = await Promise.all([...needed, ...optionalFiles.map((path) => this.#look(path))]);
    const others = files.filter((file) => file !== undefined);
    for (const { path, size } of [graph, ...others]) this.#meter.expect(path, size);
    await this.#checkRoom();

    const graphPart = await this.#fetch(graph);
    // The graph itself knows best which files it needs.
    const named = [...(await externalFiles(graphPart.part))].map((name) => besideGraph(this.#inside(name)));
    const more = named.filter((path) => !weights.includes(path)).map((path) => this.#require(path));
    const parts = [configPart];
    for (const file of [...others, ...(await Promise.all(more))]) parts.push(await this.#fetch(file));
    // Two at once would take away what the other has named.
    await alone(this.#folder, () => this.#settle(parts, graphPart));
  }

  #look(path: string): Promise<RemoteFile | undefined> {
    return lookFor(this.#hub, this.#model, path, this.#signal);
  }

  async #require(path: string): Promise<RemoteFile> {
    const file = await this.#look(path);
    if (file) return file;
    const { id, revision } = this.#model;
    throw new ModelError(
      `Expected ${id} (revision ${revision}) to be a model in the ONNX format, found no ${path} at ${this.#hub.url(this.#model, path)}: see that its name and revision are right, or take an export for transformers.js`,
    );
  }

  async #findGraph(config: JsonObject): Promise<RemoteFile> {
    const paths = graphDtypes(config, this.#model.dtype, hubDtypes).map((dtype) =>
      besideGraph(`model${dtypeSuffixes[dtype]}.onnx`),
    );
    for (const path of paths) {
      const file = await this.#look(path);
      if (file) return file;
    }
    return this.#require(paths[0] as string);
  }

  async #fetch(file: RemoteFile): Promise<Part> {
    const { path, size } = file;
    this.#meter.expect(path, size);
    const place = join(this.#folder, path);
    const part = `${place}.${versionOf(file)}.part`;
    await mkdir(dirname(place), { recursive: true });
    await fetchPart(file, part, {
      hub: this.#hub,
      model: this.#model,
      signal: this.#signal,
      onLength: (length) => this.#meter.reach(path, length),
    });
    return { place, part, ...(size !== undefined && { size }) };
  }

  /** A graph may name any file; only one beside it is fetched. */
  #inside(name: string): string {
    if (/^[\w.-]+$/.test(name) && !name.startsWith('.')) return name;
    throw new ModelError(
      `Expected ${this.#model.id} to keep its weights beside its .onnx file, found ${JSON.stringify(name)}: it cannot be downloaded; copy it by hand and give its folder`,
    );
  }

  async #checkRoom(): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder);
    const { missing } = this.#meter;
    if (missing <= bavail * bsize) return;
    throw new ModelError(
      `Expected room for ${missing} more bytes of ${this.#model.id} in ${this.#folder}, found ${bavail * bsize}: make room, or name another \`cacheDir\``,
    );
  }

  async #settle(parts: readonly Part[], graph: Part): Promise<void> {
    this.#signal.throwIfAborted();
    const whole = await wholeModel(this.#folder, this.#model.dtype).catch(() => undefined);
    if (whole === undefined) {
      // Nobody may meet the old graph among new files.
      await rm(graph.place, { force: true });
      for (const part of [...parts, graph]) await this.#name(part);
    }
    // Of another version, or of another process that was ahead.
    for (const { place } of [...parts, graph]) await removeParts(place);
  }

  async #name({ place, part, size }: Part): Promise<void> {
    try {
      await rename(part, place);
    } catch (cause) {
      // Another process was as far.
      const there = await stat(place).catch(() => undefined);
      if (there && there.size === (size ?? there.size)) return;
      throw new DownloadError(`Expected to give ${place} its name, found that impossible: ask again`, { cause });
    }
  }
}

const besideGraph = (name: string): string => `onnx/${name}`;

/** Stands for the version of a file in the names of its parts. */
const versionOf = ({ etag, size }: RemoteFile): string =>
  etag === undefined || size === undefined
    ? randomUUID()
    : createHash('sha256').update(`${etag} ${size}`).digest('hex').slice(0, 12);

const removeParts = async (place: string): Promise<void> => {
  const folder = dirname(place);
  const parts = (await readdir(folder)).filter(
    (name) => name.startsWith(`${basename(place)}.`) && name.endsWith('.part'),
  );
  for (const name of parts) await rm(join(folder, name), { force: true });
};

const readObject = async (path: string): Promise<JsonObject> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw damagedFile(path, (cause as Error).message, cause);
  }
};
