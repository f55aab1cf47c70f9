# shellcheck shell=bash
# Programs that pip does not bring: installed where that is possible, named where it is not.

# root_command COMMAND…: run it as root, or fail without asking for a password.
root_command() {
    if [[ "$(id -u)" == 0 ]]; then
        attended "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        attended sudo -n "$@"
    else
        return 1
    fi
}

can_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [[ "$(id -u)" == 0 ]] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

# install_packages PACKAGE…: the lists of packages are fetched only when they are missing or too old.
install_packages() {
    can_install || return 1
    say "Installing $*"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300
        install -y --no-install-recommends)
    if apt-cache show "$@" >/dev/null 2>&1 && root_command "${install[@]}" "$@"; then
        return 0
    fi
    root_command apt-get update && root_command "${install[@]}" "$@"
}

has_cyrillic_font() {
    if command -v fc-list >/dev/null 2>&1; then
        [[ -n "$(fc-list :lang=ru family 2>/dev/null | head -n 1)" ]]
    else
        [[ -n "$(find /usr/share/fonts -name 'DejaVuSans*.ttf' 2>/dev/null | head -n 1)" ]]
    fi
}

# setting NAME: from the environment, or else from .env.
setting() {
    local value="${!1:-}"
    if [[ -z "$value" && -f .env ]]; then
        value="$(sed -n "s/^ *$1 *= *//p" .env | tail -n 1 | tr -d "\"'")"
    fi
    printf '%s' "$value"
}

has_wkhtmltopdf() {
    local binary
    binary="$(setting WKHTMLTOPDF_BINARY)"
    command -v "${binary:-wkhtmltopdf}" >/dev/null 2>&1
}

# missing_packages SET: the names of the Debian packages that are still needed.
missing_packages() {
    if [[ "$1" == dev || -z "$(setting WKHTMLTOPDF_URL)" ]]; then
        has_wkhtmltopdf || echo wkhtmltopdf
        has_cyrillic_font || echo fonts-dejavu-core
        command -v bwrap >/dev/null 2>&1 || echo bubblewrap
    fi
    if [[ "$1" == dev ]]; then
        command -v pdftotext >/dev/null 2>&1 || echo poppler-utils
        command -v fc-list >/dev/null 2>&1 || echo fontconfig
        command -v strace >/dev/null 2>&1 || echo strace
    fi
}

has_chromium() {
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && return
    done
    return 1
}

# By itself: where the distribution has no such package, the others are still to be had.
offer_chromium() {
    has_chromium || install_packages chromium ||
        say "Please install chromium for the tests of the admin in a browser; going on without."
}

has_faketime() {
    compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null ||
        compgen -G '/usr/lib/faketime/libfaketimeMT.so.1' >/dev/null
}

# Only script/faults needs it; without it the clock is not tested, which the table at its end says.
offer_faketime() {
    has_faketime || install_packages faketime || say "faketime cannot be installed here; going on without."
}

require_packages() {
    local missing
    read -r -a missing <<<"$(missing_packages "$1" | tr '\n' ' ')"
    [[ "${#missing[@]}" == 0 ]] && return
    install_packages "${missing[@]}" && return
    local advice="Please install ${missing[*]} (on Debian and Ubuntu: sudo apt-get install ${missing[*]})"
    [[ "${missing[*]}" != *wkhtmltopdf* ]] || die "$advice, or set WKHTMLTOPDF_URL to a server that makes PDFs."
    say "$advice; going on without."
}
