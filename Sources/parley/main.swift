internal import Glibc
internal import ParleyClient

let program = Program(commands: Command.all, console: .terminal)
exit(await program.run(Array(CommandLine.arguments.dropFirst())))
