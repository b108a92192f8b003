"""Certificates for this machine, signed by nobody but themselves."""

import ssl
import subprocess


def make(folder):
    """Puts a certificate and its key into `folder`, in place of those there; gives the flags."""
    files = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        + ["-out", files[0], "-keyout", files[1]],
        check=True,
        capture_output=True,
    )
    return ["--tls-certificate", files[0], "--tls-key", files[1]]


def trusting(folder):
    """A client's context that believes the certificate in `folder`, as it is now."""
    return ssl.create_default_context(cafile=folder / "certificate.pem")
