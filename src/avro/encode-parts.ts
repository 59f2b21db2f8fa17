// Encoders of arrays and maps, made of the encoders of their parts.
import { type Json, isJsonArray, isJsonObject } from '../core/json.ts'
import type { BinaryOut } from './binary-out.ts'
import { stringForm } from './leaf-form.ts'
import { Misfit, describeValue, throwFrom } from './value-error.ts'

export type Encode = (json: Json, out: BinaryOut) => void

export function arrayEncoder(encodeItem: Encode): Encode {
  return (json, out) => {
    if (!isJsonArray(json)) throw new Misfit('an array', describeValue(json))
    out.enter()
    if (json.length > 0) out.long(json.length)
    for (let at = 0; at < json.length; at++) encodeAt(encodeItem, json[at]!, at, out)
    out.long(0)
    out.leave()
  }
}

export function mapEncoder(encodeValue: Encode): Encode {
  return (json, out) => {
    if (!isJsonObject(json)) throw new Misfit('an object', describeValue(json))
    out.enter()
    const keys = Object.keys(json)
    if (keys.length > 0) out.long(keys.length)
    for (const key of keys) {
      if (stringForm.fromJson(key) === undefined) throw new Misfit('keys that are text in UTF-8', describeValue(key))
      out.string(key)
      encodeAt(encodeValue, json[key]!, key, out)
    }
    out.long(0)
    out.leave()
  }
}

/** Writes a part; what is wrong with it is told with the way to it. */
export function encodeAt(encode: Encode, json: Json, step: string | number, out: BinaryOut): void {
  try {
    encode(json, out)
  } catch (thrown) {
    throwFrom(thrown, step)
  }
}
