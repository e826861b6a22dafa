# The lab's setup with this folder's manifests. It ends when each pod was ready
# once; visits would only sometimes be answered.
(
  kubectl apply -k "$(dirname "${BASH_SOURCE[0]}")" || exit
  for deployment in helm-hooks-app-python python-app-app-python; do
    kubectl rollout status "deployment/$deployment" --timeout=120s || exit
  done
  for pod in app-python-0 app-python-1; do
    kubectl wait --for=create "pod/$pod" --timeout=60s || exit
    kubectl wait --for=condition=Ready "pod/$pod" --timeout=60s || exit
  done
)
