# The lab's setup without a StorageClass: no claim is ever bound, so no pod of
# the StatefulSet runs, and there is none to visit.
(
  kubectl delete storageclass standard || exit
  kubectl apply -k "$(dirname "${BASH_SOURCE[0]}")/../../../labs/statefulset/manifests" || exit
  for deployment in helm-hooks-app-python python-app-app-python; do
    kubectl rollout status "deployment/$deployment" --timeout=120s || exit
  done
  kubectl wait --for=create pvc/app-python-data-app-python-1 --timeout=60s || exit
)
