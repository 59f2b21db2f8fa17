// Names of images, as people write them and as engines list them.

export const dockerHub = 'docker.io'

/** The registry that an image comes from: `ghcr.io`, `localhost:5000`; `docker.io` where the name has none. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : dockerHub
}

/**
 * The one short name of an image: `postgres` and `docker.io/library/postgres:latest` are both `postgres:latest`. A digest wins
 * over a tag: `postgres:17@sha256:...` is `postgres@sha256:...`, as engines list it.
 */
export function shortName(image: string): string {
  const [name = '', digest] = image.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, '').split('@')
  const [, bare = name, tag = 'latest'] = /^(.+?)(?::([\w][\w.-]*))?$/.exec(name) ?? []
  return digest === undefined ? `${bare}:${tag}` : `${bare}@${digest}`
}

/** The id of an image: some engines write the name of its digest before it. */
export function plainId(id: string): string {
  return id.replace(/^sha256:/, '')
}
