// Every refusal of the registry: HTTP status, error code and message as clients of Confluent's registry know them.

export class Refusal extends Error {
  readonly status: number
  /** `error_code` of the body */
  readonly code: number

  /** The status is what the code begins with: 40401 goes with HTTP 404, 409 with itself. */
  constructor(code: number, message: string) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.status = code < 1000 ? code : Math.floor(code / 100)
  }
}

export const refusals = {
  badRequest: (why: string) => new Refusal(400, why),
  noSuchPath: () => new Refusal(404, 'HTTP 404 Not Found'),
  methodNotAllowed: () => new Refusal(405, 'HTTP 405 Method Not Allowed'),
  notAcceptable: () => new Refusal(406, 'HTTP 406 Not Acceptable'),
  bodyTooLarge: (limit: number) => new Refusal(413, `The body of a request may have ${limit} bytes`),
  unsupportedMediaType: () => new Refusal(415, 'HTTP 415 Unsupported Media Type'),
  notBuilt: (what: string) => new Refusal(501, `${what} is not supported by this registry`),

  subjectNotFound: (subject: string) => new Refusal(40401, `Subject '${subject}' not found.`),
  versionNotFound: (version: number) => new Refusal(40402, `Version ${version} not found.`),
  schemaNotFound: (id?: number) => new Refusal(40403, id === undefined ? 'Schema not found' : `Schema ${id} not found`),
  subjectSoftDeleted: (subject: string) =>
    new Refusal(40404, `Subject '${subject}' was soft deleted. Set permanent=true to delete permanently`),
  subjectNotSoftDeleted: (subject: string) =>
    new Refusal(40405, `Subject '${subject}' was not deleted first before being permanently deleted`),
  versionSoftDeleted: (subject: string, version: number) =>
    new Refusal(
      40406,
      `Subject '${subject}' Version ${version} was soft deleted. Set permanent=true to delete permanently`,
    ),
  versionNotSoftDeleted: (subject: string, version: number) =>
    new Refusal(
      40407,
      `Subject '${subject}' Version ${version} was not deleted first before being permanently deleted`,
    ),
  noLevelOfItsOwn: (subject: string) =>
    new Refusal(40408, `Subject '${subject}' does not have subject-level compatibility configured`),
  noModeOfItsOwn: (subject: string) =>
    new Refusal(40409, `Subject '${subject}' does not have subject-level mode configured`),

  incompatible: (subject: string, messages: readonly string[]) =>
    new Refusal(
      409,
      `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${messages.join(', ')}]`,
    ),

  invalidSchema: (why: string) => new Refusal(42201, why),
  invalidVersion: (text: string) =>
    new Refusal(
      42202,
      `The specified version '${text}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"`,
    ),
  invalidLevel: () =>
    new Refusal(
      42203,
      'Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive',
    ),
  invalidMode: () =>
    new Refusal(42204, 'Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE and IMPORT'),
  notPermitted: (why: string) => new Refusal(42205, why),
  referenced: (subject: string, version: number) =>
    new Refusal(
      42206,
      `One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=${subject},version=${version}}.`,
    ),
  idMismatch: (asked: number, has: number) =>
    new Refusal(42207, `The schema is registered with id ${has}, which does not match the id ${asked} of the request`),
  invalidSubject: (subject: string, why = '') =>
    new Refusal(42208, `The specified subject '${subject}' is not a valid subject.${why && ` ${why}`}`),
  tooLarge: (limit: number) =>
    new Refusal(42209, `The schema with its references and metadata is larger than ${limit} bytes`),

  storeFailed: (why: string) => new Refusal(50001, `Error in the backend datastore: ${why}`),
  timedOut: (ms: number) => new Refusal(50002, `The backend datastore did not acknowledge the write within ${ms} ms`),
} as const
