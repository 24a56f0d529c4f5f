#!/bin/sh
# Makes secrets/ for docker-compose.cluster.yml: an authority, a certificate for each engine, the user and its password.
# Needs openssl, and docker for the hash of the password. Nothing is printed but the names of files.
set -eu
umask 077
cd "$(dirname "$0")/../.."
image=$(sed -n 's/^ *image: \(opensearchproject.*\)/\1/p' docker-compose.cluster.yml | head -n 1)
days=825
[ ! -e secrets ] || { echo "secrets/ exists already: engines that run use it. Move it away to make another." >&2; exit 1; }
made=$(mktemp -d ./.secrets.XXXXXX)
trap 'rm -rf "$made"' EXIT

openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=Boussole engines" \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" \
  -keyout "$made/ca-key.pem" -out "$made/ca.pem" 2>/dev/null

certificate() { # name, names of the machine
  mkdir "$made/$1"
  openssl req -newkey rsa:3072 -nodes -subj "/CN=$1" -keyout "$made/$1/node-key.pem" -out "$made/$1/node.csr" 2>/dev/null
  printf 'subjectAltName=%s\nkeyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth,clientAuth\n' "$2" \
    >"$made/$1/node.ext"
  openssl x509 -req -in "$made/$1/node.csr" -CA "$made/ca.pem" -CAkey "$made/ca-key.pem" -CAcreateserial -days "$days" \
    -extfile "$made/$1/node.ext" -out "$made/$1/node.pem" 2>/dev/null
  rm "$made/$1/node.csr" "$made/$1/node.ext"
  cp "$made/ca.pem" "$made/$1/ca.pem"
}
for engine in engine1 engine2 engine3; do
  certificate "$engine" "DNS:$engine,DNS:localhost,IP:127.0.0.1"
done
certificate admin "DNS:admin"

password=$(openssl rand -hex 24)
export password
hash=$(docker run --rm --network none --env password --entrypoint bash "$image" \
  plugins/opensearch-security/tools/hash.sh -env password | grep '^\$2')
printf 'BOUSSOLE_OPENSEARCH_USER=boussole\nBOUSSOLE_OPENSEARCH_PASSWORD=%s\n' "$password" >"$made/engine.env"
printf '_meta:\n  type: internalusers\n  config_version: 2\nboussole:\n  hash: "%s"\n  backend_roles: [boussole]\n' "$hash" \
  >"$made/internal_users.yml"

# The engines run as user 1000, apps as another: the authority's certificate is no secret.
chmod 644 "$made/ca.pem"
if [ "$(id -u)" = 0 ]; then
  chown -R 1000 "$made/engine1" "$made/engine2" "$made/engine3" "$made/internal_users.yml"
elif [ "$(id -u)" != 1000 ]; then
  echo "The engines run as user 1000, which must be able to read secrets/engine1 to 3 and internal_users.yml." >&2
fi
mv "$made" secrets
trap - EXIT
echo "secrets/: ca.pem, engine.env, internal_users.yml, certificates. Keep ca-key.pem and admin/ elsewhere."
