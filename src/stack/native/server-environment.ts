type Env = Readonly<Record<string, string | undefined>>

/** Where programs, libraries and temporary files are, the language and the time, and what people set for every JVM. */
const handedOn =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|LANG|LANGUAGE|LC_\w+|TZ|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|JAVA_HOME|JDK_JAVA_OPTIONS|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS)$/

/**
 * What a server gets of the user's environment. The rest stays with evplat: a password that a command was given would stand in the
 * process list for as long as the server runs.
 */
export function serverEnvironment(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => handedOn.test(name)))
}
