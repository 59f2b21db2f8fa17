// Decoders by schema id: looked up without waiting once they are there, fetched once when they are not.
import type { Schema } from '../avro/schema.ts'
import type { Json } from '../core/json.ts'
import { createDecoder } from '../avro/decode.ts'

export type JsonForm = 'plain' | 'avro'

/** The schemas of a registry. */
export interface SchemaSource {
  /** undefined for an id that the registry does not know */
  byId(id: number): Promise<Schema | undefined>
}

type Decode = (bytes: Buffer) => Json

export class SchemaCache {
  private readonly source: SchemaSource | undefined
  private readonly form: JsonForm
  private readonly decoders = new Map<number, Decode | null>()

  /** Without a source no id is known. */
  constructor(source: SchemaSource | undefined, form: JsonForm) {
    this.source = source
    this.form = form
  }

  /** The decoder of an id, null for an id that is not known, undefined when it has to be loaded first. */
  get(id: number): Decode | null | undefined {
    return this.source ? this.decoders.get(id) : null
  }

  async load(id: number): Promise<void> {
    const schema = await this.source?.byId(id)
    this.decoders.set(id, schema ? createDecoder(schema, this.form) : null)
  }
}
