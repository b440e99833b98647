import { useEffect, useState } from 'react';
import type { ApiError } from '#contract/errors.ts';

import { confirmation } from '../../api/client.ts';

interface Question {
  /** What the server said. */
  refusal: ApiError;
  /** It was just answered with going on, and the server says that nobody has signed in. */
  isAgain: boolean;
  /** Whether to send what was refused once more. */
  onAnswer: (isConfirmed: boolean) => void;
}

/** A refusal that comes so soon is the answer to going on. */
const soonMs = 10_000;

/** What is asked of whoever is signed in: of several requests at once, the same one time. */
export function useConfirmation(): Question | undefined {
  const [question, setQuestion] = useState<Question>();
  useEffect(() => {
    let asked: Promise<boolean> | undefined;
    let answer: (isConfirmed: boolean) => void = () => undefined;
    let wentOnAt = -Infinity;
    confirmation.ask = (refusal) => {
      if (asked !== undefined) return asked;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      asked = promise;
      answer = (isConfirmed) => {
        asked = undefined;
        wentOnAt = isConfirmed ? performance.now() : -Infinity;
        setQuestion(undefined);
        resolve(isConfirmed);
      };
      setQuestion({ refusal, isAgain: performance.now() - wentOnAt < soonMs, onAnswer: answer });
      return promise;
    };
    return () => {
      confirmation.ask = undefined;
      // Whoever waits for an answer is told that there is none.
      answer(false);
    };
  }, []);
  return question;
}
