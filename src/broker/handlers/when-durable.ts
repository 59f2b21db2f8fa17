// An answer is held back until what it tells is as safe as the broker's durability promises. What the device refuses, at once or when
// it is to be brought to it, is told as refused.
import { expectDeviceError } from '../storage/device-error.ts'
import type { Durable, Problem } from '../topics/topics.ts'
import { generalWords } from './general-words.ts'

/** What is told of a log that can't be written. */
export const deviceRefuses: Problem = {
  error: 'KAFKA_STORAGE_ERROR',
  message: generalWords.KAFKA_STORAGE_ERROR,
}

/** One of the things that a request asks for, when it is done or refused. */
export interface Done<T> {
  readonly told: T
  readonly durable?: Durable
  /** what is told instead where the device refuses */
  readonly refused?: T
}

/** Does what writes to a journal; a device that refuses at once is like one that refuses later. */
export function attempt(work: () => Durable): Durable {
  try {
    return work()
  } catch (thrown) {
    expectDeviceError(thrown)
    const failed = Promise.reject(thrown as Error)
    failed.catch(() => undefined) // it is waited for when the whole request is worked on
    return failed
  }
}

async function settle<T>({ told, durable, refused = told }: Done<T>): Promise<T> {
  try {
    await durable
    return told
  } catch (thrown) {
    expectDeviceError(thrown)
    return refused
  }
}

/** The answer, at once where nothing has to be waited for. */
export function whenDurable<T, R>(all: readonly Done<T>[], answer: (told: T[]) => R): R | Promise<R> {
  const isDurable = all.every(({ durable }) => durable === undefined)
  return isDurable ? answer(all.map(({ told }) => told)) : Promise.all(all.map(settle)).then(answer)
}
