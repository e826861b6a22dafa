# Makes what the page takes for granted: its applications are running, and the
# two pods of the StatefulSet were visited a different number of times.
#
# LAB_MANIFESTS is the kustomization to apply, if not the lab's own.
#
# This file is sourced in the lab's shell. All of it runs in a subshell, so that
# no variable stays behind, and each command says itself what follows from its
# failure: `set -e` has no effect where the file is sourced under a condition.
(
  lab=$(dirname "${BASH_SOURCE[0]}")
  kubectl apply -k "${LAB_MANIFESTS:-$lab/manifests}" || exit
  for workload in statefulset/app-python \
    deployment/helm-hooks-app-python deployment/python-app-app-python; do
    kubectl rollout status "$workload" --timeout=120s || exit
  done

  pods=$(kubectl get pods -l app=app-python -o name) || exit
  visits=3
  for pod in $pods; do
    kubectl exec "$pod" -- python3 -c '
import sys, urllib.request
for _ in range(int(sys.argv[1])):
    print(urllib.request.urlopen("http://localhost:5000/visit").read().decode(), end="")
' "$visits" || exit
    visits=$((visits + 2))
  done
)
