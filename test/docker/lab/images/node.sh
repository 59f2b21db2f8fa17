#!/bin/sh
# What node:20-bookworm-slim does when it starts: options, and what is no program, are for node.
set -e
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null || { [ -f "$1" ] && ! [ -x "$1" ]; }; then set -- node "$@"; fi
exec "$@"
