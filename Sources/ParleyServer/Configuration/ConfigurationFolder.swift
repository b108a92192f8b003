internal import Glibc
internal import ParleyNetwork
internal import ParleyYAML

/// Reads configuration from the disk: the only place of the configuration that does.
enum ConfigurationFolder {
    /// Reads a file.
    ///
    /// - Throws: `YAMLProblem` which names the file and says why it can't be read.
    static func file(at path: String) throws(YAMLProblem) -> ConfigurationFile {
        // A pipe would keep the process waiting for whoever writes to it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw problem("can't be opened", path) }
        defer { close(descriptor) }
        if let other = kind(of: descriptor) {
            throw YAMLProblem("found a \(other), expected a file", file: path)
        }
        var text: [UInt8] = []
        // One byte more than may be: the parser then says how large it is.
        let limit = YAMLLimits.standard.byteCount + 1
        while text.count < limit {
            let room = min(65_536, limit - text.count)
            let piece = [UInt8](unsafeUninitializedCapacity: room) { bytes, count in
                count = max(0, read(descriptor, bytes.baseAddress, room))
            }
            guard !piece.isEmpty else { break }
            text += piece
        }
        return ConfigurationFile(name: path, text: text)
    }

    /// Reads all `*.yaml` and `*.yml` of a folder, not of the folders in it.
    ///
    /// - Returns: The files in the order of their names, and why others, or the folder, can't be
    ///   read.
    static func yamlFiles(
        in folder: String
    ) -> (files: [ConfigurationFile], problems: [YAMLProblem]) {
        guard let stream = opendir(folder) else {
            return ([], [problem("can't be opened", folder)])
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let isYAML = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
            if isYAML, !name.hasPrefix(".") { names.append(name) }
        }
        var files: [ConfigurationFile] = []
        var problems: [YAMLProblem] = []
        for name in names.sorted() where !isFolder(path(name, in: folder)) {
            do throws(YAMLProblem) {
                files.append(try file(at: path(name, in: folder)))
            } catch {
                problems.append(error)
            }
        }
        return (files, problems)
    }

    /// What an open file is, if it is none of those that are read.
    private static func kind(of descriptor: Int32) -> String? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return nil
        case S_IFDIR: return "folder"
        default: return "pipe or device"
        }
    }

    /// Why a file can't be read; nil where it can.
    static func fault(ofFile path: String) -> String? {
        if isFolder(path) { return "found \"\(path)\", which is a folder, expected a file" }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return closed(path) }
        close(descriptor)
        return nil
    }

    /// Why a folder can't be read; nil where it can.
    static func fault(ofFolder path: String) -> String? {
        if let stream = opendir(path) {
            closedir(stream)
            return nil
        }
        return exists(path) && !isFolder(path)
            ? "found \"\(path)\", which is a file, expected a folder" : closed(path)
    }

    /// With the system's own words.
    private static func closed(_ path: String) -> String {
        SystemError("found \"\(path)\", which can't be opened").description
    }

    /// A path that is relative to a folder; an absolute one stays.
    static func path(_ name: String, in folder: String) -> String {
        if name.hasPrefix("/") { return name }
        return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// Whether something is there, readable or not.
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func problem(_ what: String, _ path: String) -> YAMLProblem {
        YAMLProblem(SystemError(what).description, file: path)
    }
}
