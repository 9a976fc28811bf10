"""A certificate authority of this home alone, for clients that speak only TLS.

It may vouch for nothing but this machine: its name constraints allow `localhost` and loopback
addresses, so that trusting it cannot be turned against its owner. Passes the strict checks of
Python 3.13 (RFC 5280: key identifiers, critical constraints).
"""

import datetime as dt
import ipaddress
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS = 3650
SERVER_DAYS = 397
RENEW_DAYS = 30

_KEY_USAGE_OFF = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


def ensure(folder: Path, now: dt.datetime) -> None:
    """Make the authority and the server's certificate where they are missing or near their end.

    Args:
        folder: `tls` of the home; holds ca.pem, ca.key, server.pem, server.key.
        now: the present, with time zone.

    Raises:
        ValueError: one of the files holds something else.
    """
    ca_pem, ca_key = folder / "ca.pem", folder / "ca.key"
    if not (ca_pem.exists() and ca_key.exists()) or _ends_soon(ca_pem, now):
        # First, so that a start that ends here leaves no certificate of another key.
        ca_pem.unlink(missing_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        _write_key(ca_key, key)
        ca_pem.write_bytes(_authority(key, now).public_bytes(serialization.Encoding.PEM))
        (folder / "server.pem").unlink(missing_ok=True)
    server_pem, server_key = folder / "server.pem", folder / "server.key"
    if not (server_pem.exists() and server_key.exists()) or _ends_soon(server_pem, now):
        issuer = x509.load_pem_x509_certificate(ca_pem.read_bytes())
        issuer_key = serialization.load_pem_private_key(ca_key.read_bytes(), password=None)
        assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
        server_pem.unlink(missing_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        _write_key(server_key, key)
        certificate = _server(key, issuer, issuer_key, now)
        server_pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def server_context(folder: Path) -> ssl.SSLContext:
    """Return the context of the TLS port: TLS 1.2 and newer, HTTP/1.1 only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.set_alpn_protocols(["http/1.1"])
    return context


def _authority(key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> x509.Certificate:
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "Tickyard local CA (this machine only)")]
    )
    permitted = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_network("127.0.0.0/8")),
        x509.IPAddress(ipaddress.ip_network("::1/128")),
    ]
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(**(_KEY_USAGE_OFF | {"key_cert_sign": True, "crl_sign": True})),
            critical=True,
        )
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
) -> x509.Certificate:
    names = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1")),
    ]
    issuer_id = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=SERVER_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(**(_KEY_USAGE_OFF | {"digital_signature": True})), critical=True
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id),
            critical=False,
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _ends_soon(path: Path, now: dt.datetime) -> bool:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.not_valid_after_utc - now < dt.timedelta(days=RENEW_DAYS)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
