# shellcheck shell=bash
# What the scripts share. A script sources this after `set -euo pipefail`.

say() { printf '%s\n' "$*"; }

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Print the comment at the top of the script itself when --help is the first argument.
help_if_asked() {
    case "${1:-}" in
        -h | --help)
            awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
            exit 0
            ;;
    esac
}

# The project's folder becomes the working folder; a relative data folder keeps its meaning.
enter_project() {
    if [[ -n "${FORFAR_DATA_DIR:-}" && "$FORFAR_DATA_DIR" != /* ]]; then
        export FORFAR_DATA_DIR="$PWD/$FORFAR_DATA_DIR"
    fi
    cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit
}

# Run a command so that a signal to this script ends it too: bash alone would only wait for it.
attended() {
    local child code=0
    "$@" <&0 &
    child=$!
    trap 'kill -TERM "$child" 2>/dev/null; wait "$child" || true; exit 130' INT
    trap 'kill -TERM "$child" 2>/dev/null; wait "$child" || true; exit 143' TERM
    trap 'kill -TERM "$child" 2>/dev/null; wait "$child" || true; exit 129' HUP
    wait "$child" || code=$?
    trap - INT TERM HUP
    return "$code"
}

set_up() {
    attended script/setup "$@"
    export PATH="$PWD/.venv/bin:$PATH"
}
