/** What a command answers: the same facts as a sentence and, with --json, for programs. */
export interface Answer {
  text: string;
  json: unknown;
  /** Other than 0 for a command that found something wrong. */
  exitCode?: number;
}

export function print(answer: Answer, asJson: boolean): void {
  console.log(asJson ? JSON.stringify(answer.json, null, 2) : answer.text);
  process.exitCode = answer.exitCode ?? 0;
}
