// Which endpoints are open: `management.endpoints.web.exposure.include`, as in Spring.

export const endpoints = [
  'health',
  'info',
  'prometheus',
  'metrics',
  'env',
  'configprops',
  'loggers',
  'mappings',
  'listeners',
] as const
export type Endpoint = (typeof endpoints)[number]

/** Names of endpoints, or `*` for all of them. `exclude` wins. */
export interface Exposure {
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

/** The endpoints that are open: health and info where nothing else is said. */
export function exposed({ include = ['health', 'info'], exclude = [] }: Exposure): readonly Endpoint[] {
  const names = (list: readonly string[], name: string): boolean => list.includes('*') || list.includes(name)
  return endpoints.filter((name) => names(include, name) && !names(exclude, name))
}
