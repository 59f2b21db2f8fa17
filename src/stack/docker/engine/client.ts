// What the calls of each noun share: the client of the engine, and how a request is made so that its refusal is understood.
import type Docker from 'dockerode'
import { type Request, onEngine } from './errors.ts'

export interface Client {
  readonly docker: Docker
  /** for people: `Docker 20.10.24 at unix:///var/run/docker.sock` */
  readonly title: string
  /** the environment of the user, for the credentials that he has left */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Does one request; `about` says what for, and how long it may take where that is not the usual. */
export function ask<T>(
  { title }: Client,
  about: Omit<Request, 'engine'> & { readonly limitMs?: number },
  work: () => Promise<T>,
): Promise<T> {
  return onEngine({ engine: title, ...about }, work, about.limitMs)
}

/** `label=value` for each, as engines filter by. */
export function labelFilter(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`)
}
