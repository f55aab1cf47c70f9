# shellcheck shell=bash
# The virtual environment in .venv and what is installed in it.

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null
}

find_python() {
    local name
    if [[ -n "${PYTHON:-}" ]]; then
        new_enough "$PYTHON" || die "PYTHON=$PYTHON is not a Python of version 3.10 or newer."
        echo "$PYTHON"
        return
    fi
    for name in python3 python3.13 python3.12 python3.11 python3.10 python; do
        if command -v "$name" >/dev/null 2>&1 && new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    die "Python 3.10 or newer is needed: install python3, or set PYTHON to its path."
}

# Does .venv work, here and with the wanted Python? One that was moved along with its folder does not.
venv_usable() {
    local version='import sys; print(sys.version_info[:3])'
    [[ -x .venv/bin/python ]] && new_enough .venv/bin/python || return 1
    [[ -f .venv/made-in && "$(cat .venv/made-in)" == "$PWD" ]] || return 1  # written when venv had finished
    [[ -z "${PYTHON:-}" || "$("$PYTHON" -c "$version")" == "$(.venv/bin/python -c "$version")" ]]
}

make_venv() {
    venv_usable && return
    # `venv --clear` follows the link and would empty the other folder.
    [[ ! -L .venv ]] || die ".venv is a symbolic link to an environment of another folder: remove the link and run this again."
    require_venv_module "$1"
    say "Making .venv with $("$1" --version)"
    attended "$1" -m venv --clear .venv
    printf '%s' "$PWD" >.venv/made-in
}

# Debian keeps ensurepip in a package of its own.
require_venv_module() {
    "$1" -c 'import venv, ensurepip' 2>/dev/null && return
    local package
    package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    if install_packages "$package" && "$1" -c 'import venv, ensurepip' 2>/dev/null; then
        return
    fi
    die "This Python cannot make virtual environments: install python3-venv (here $package) and run this again."
}

# requirements_stamp SET: changes when the files or the Python do.
requirements_stamp() {
    .venv/bin/python - "$1" requirements*.txt <<'PYTHON'
import hashlib, pathlib, sys
text = b"".join(pathlib.Path(name).read_bytes() for name in sys.argv[2:])
print(sys.argv[1], sys.version.split()[0], hashlib.sha256(text).hexdigest())
PYTHON
}

# install_requirements SET: embedded, or dev, which contains it.
install_requirements() {
    local stamp_file=.venv/installed stamp
    stamp="$(requirements_stamp "$1")"
    if [[ -f "$stamp_file" ]] && grep -qxF -e "$stamp" -e "$(requirements_stamp dev)" "$stamp_file"; then
        return
    fi
    rm -f "$stamp_file"
    say "Installing requirements-$1.txt"
    attended .venv/bin/python -m pip install --disable-pip-version-check -r "requirements-$1.txt" ||
        die "The Python packages could not be installed; pip's message is above."
    printf '%s\n' "$stamp" >"$stamp_file"
}
