// Certificates for servers under test, made by openssl(1).
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Makes a certificate that vouches for itself, for localhost and 127.0.0.1, and writes it over what stood at {cert, key}. */
export function writeCertificate({ cert, key }, name = 'localhost', days = 1) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert,
    '-days', String(days), '-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'pipe' });
  return fs.readFileSync(cert);
}

/** Signs the certificate at {cert, key} anew, as one that was over yesterday. */
export function expire({ cert, key }) {
  fs.writeFileSync(cert, execFileSync('openssl', ['x509', '-in', cert, '-signkey', key, '-days', '-1'], { stdio: 'pipe' }));
}

/** {cert, key}: files in a directory, with a certificate in them. */
export function makeCertificate(directory, name) {
  const files = { cert: path.join(directory, `${name ?? 'localhost'}.pem`), key: path.join(directory, `${name ?? 'localhost'}.key`) };
  writeCertificate(files, name);
  return files;
}
