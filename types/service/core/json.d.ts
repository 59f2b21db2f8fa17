/** A JSON value. Whole numbers beyond 2^53 are bigint, all others number. */
export type Json = null | boolean | number | bigint | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export type JsonObject = {
    readonly [key: string]: Json;
};
export declare function isJsonArray(value: Json): value is JsonArray;
export declare function isJsonObject(value: Json): value is JsonObject;
/** Text that is no JSON, or goes beyond a limit. Line and column count from 1. */
export declare class JsonError extends Error {
    /** what is wrong, without the place */
    readonly fact: string;
    readonly line: number;
    readonly column: number;
    constructor(message: string, text: string, position: number);
}
/** Deeper JSON is refused: what works on it is recursive. Jackson, Java's usual parser, has the same limit. */
export declare const nestingLimit = 1000;
export interface ParseJsonOptions {
    /** refuses an object in which a key stands twice with different values; else the last one counts, as in JSON.parse */
    readonly uniqueKeys?: boolean;
}
/**
 * The value of a JSON text (RFC 8259). `__proto__` is a key like any other.
 * Throws a JsonError with line and column for text that is no JSON or is nested deeper than `nestingLimit`.
 */
export declare function parseJson(text: string, options?: ParseJsonOptions): Json;
/**
 * The JSON text of a value, without white space; `parseJson` reads back the same value. Bigints are written as whole
 * numbers, -0 as `-0`, infinities (what JSON.parse makes of `1e999`) as `1e999` and `-1e999`.
 * Throws a TypeError for NaN, which no JSON text stands for.
 */
export declare function stringifyJson(value: Json): string;
