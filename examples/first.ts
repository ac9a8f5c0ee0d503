import { inferText } from 'millrace';
import { onnx } from 'millrace/onnx';
import { of } from 'rxjs';

const small = onnx(); // the embedded model; nothing loads before the first question

of('Nokia was founded in Finland in 1865 as a paper mill. By 1998 it was the largest maker of mobile phones.')
  .pipe(
    inferText(small, (article) => `Summarise in one sentence:\n${article}`),
    inferText(small, (summary) => `Write a headline for:\n${summary}`, { maxTokens: 30 }),
  )
  .subscribe(console.log);
