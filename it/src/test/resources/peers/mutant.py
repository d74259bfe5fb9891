# A forwarder in front of recorder.py that does what a broken gate would do. usage: mutant.py HOW recorder.py ARGS...
import subprocess, sys
how = sys.argv[1]
server = subprocess.Popen([sys.executable] + sys.argv[2:], stdin=subprocess.PIPE)
for line in sys.stdin.buffer:
    if b'"tools/call"' in line:
        if how == "twice":
            server.stdin.write(line)
        if how == "alters":
            line = line.replace(b'"text":"', b'"text":"x', 1)
        if how == "adds":
            server.stdin.write(b'{"jsonrpc":"2.0","method":"tools/call","id":999999,"params":{"name":"note","arguments":{"text":"nobody asked"}}}\n')
    server.stdin.write(line)
    server.stdin.flush()
server.stdin.close()
server.wait()
