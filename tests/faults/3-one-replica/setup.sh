# The lab's setup with this folder's manifests.
fault=$(dirname "${BASH_SOURCE[0]}")
LAB_MANIFESTS=$fault source "$fault/../../../labs/statefulset/setup.sh"
