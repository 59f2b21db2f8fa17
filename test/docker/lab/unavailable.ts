/** This machine lacks something: tests are skipped for it, where any other failure fails them. */
export class Unavailable extends Error {}
