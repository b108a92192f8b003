# PocketSphinx with its English model, the weights of Silero VAD, and recorded speech to try them on.
# shellcheck shell=bash

# Folders of .deps that this step owns.
native_folders=(include lib share models speech)

install_native_libraries() {
    local pins=$root/scripts/requirements-native.txt tools=$root/scripts/requirements-build.txt mark
    mark=$(fingerprint "$pins" "$tools" "$root/scripts/lib/native.sh" \
        "$root/scripts/lib/unpack-native.py" "$deps" "$(uname -m)")
    if is_done native "$mark" && have_native_files; then return; fi
    # On the file system of its goal, so that moving it there is one step.
    local work=$deps/.work
    rm -rf "$work"
    mkdir -p "$work/wheels" "$work/stage"
    fetch_native "$work" "$pins" "$tools"
    build_pocketsphinx "$work"
    # Only now: where fetching or building failed, what was there before still is.
    begin native
    place_native "$work"
    finish native "$mark"
    rm -rf "$work"
    note "native libraries and models are in $deps"
}

# Whether what builds and runs look for first is there: a stamp doesn't know what was deleted since.
have_native_files() {
    local file
    for file in include/pocketsphinx.h lib/libpocketsphinx.so models/silero_vad_16k_op15.onnx \
        share/pocketsphinx/model/en-us/en-us/mdef speech/transcripts.tsv; do
        [[ -s $deps/$file ]] || return 1
    done
}

fetch_native() {
    local work=$1
    make_environment "$work/venv" python3
    pip tools "fetching cmake and ninja (30 MB)" "$work/venv" \
        install --only-binary :all: --requirement "$3"
    # With the tools at hand pip needn't fetch others, unpinned, to look at the source.
    pip native "fetching PocketSphinx with its model, and Silero (45 MB)" "$work/venv" \
        download --no-deps --no-binary pocketsphinx --no-build-isolation \
        --dest "$work/wheels" --requirement "$2"
    "$work/venv/bin/python" "$root/scripts/lib/unpack-native.py" "$work/wheels" "$work" ||
        fail "what pip fetched lacks a file that was in it when it was pinned"
}

build_pocketsphinx() {
    local work=$1
    # Asserts off (Release): audio that a stranger sends must not end the server.
    logged cmake "configuring PocketSphinx" env PATH="$work/venv/bin:$PATH" CC="${CC:-cc}" \
        cmake -G Ninja -S "$work/pocketsphinx" -B "$work/build" -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_SHARED_LIBS=ON -DBUILD_GSTREAMER=OFF -DCMAKE_INSTALL_PREFIX="$deps" \
        -DCMAKE_INSTALL_LIBDIR=lib ||
        fail "PocketSphinx can't be configured; the log is $logs/cmake.log"
    logged build "building PocketSphinx" env PATH="$work/venv/bin:$PATH" \
        cmake --build "$work/build" ||
        fail "PocketSphinx can't be built; the log is $logs/build.log"
    logged install "placing PocketSphinx" env PATH="$work/venv/bin:$PATH" DESTDIR="$work/stage" \
        cmake --install "$work/build" ||
        fail "PocketSphinx can't be placed; the log is $logs/install.log"
}

# The new folders take the place of the old ones only when all are whole.
place_native() {
    local work=$1 folder
    mv "$work/stage$deps/"{include,lib,share} "$work/ready/"
    for folder in "${native_folders[@]}"; do
        rm -rf "${deps:?}/$folder"
        mv "$work/ready/$folder" "$deps/$folder"
    done
}
