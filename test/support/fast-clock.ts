// Patience that is counted in minutes, used up in a moment: a process whose clock runs faster than ours.

/** Settings of the environment under which a Node process sees this many seconds pass in one. Its timers are as they were. */
export function fastClock(times: number): { readonly NODE_OPTIONS: string } {
  const script = `const now=performance.now.bind(performance);performance.now=()=>now()*${times}`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` }
}

/** The same for its timers: each fires after this part of its time. */
export function fastTimers(times: number): { readonly NODE_OPTIONS: string } {
  const script = `const set=setTimeout;globalThis.setTimeout=(work,ms,...more)=>set(work,ms/${times},...more)`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` }
}
