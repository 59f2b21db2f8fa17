// Every command of evplat: what it is called, what it takes, and where its code is. Loading this loads no command.
import { command, type CommandSpec } from './spec.ts'

export const commandTable: readonly CommandSpec[] = [
  command({
    path: 'completion',
    summary: 'print a completion script for bash, zsh or fish',
    arguments: [{ name: 'SHELL', about: 'bash, zsh or fish', required: true }],
    options: {},
    examples: ['evplat completion bash > ~/.local/share/bash-completion/completions/evplat'],
    load: () => import('./completion.ts'),
  }),
]
