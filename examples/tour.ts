// The command line behind `npm start`: `npm start -- --help` tells what it takes.
import { onnx } from 'millrace/onnx';
import { Subject } from 'rxjs';
import { examples } from './examples.ts';
import { takeTour } from './terminal/take-tour.ts';

const leave = new Subject<number>();
// The second Ctrl-C finds no listener and ends the process at once.
process.once('SIGINT', () => leave.next(130));
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  leave.next(0);
});

process.exitCode = await takeTour(process.argv.slice(2), {
  examples,
  output: process.stdout,
  complain: (message) => console.error(message),
  environment: process.env,
  makeModel: (model, allowDownload) => onnx(model, { allowDownload }),
  leave,
});
