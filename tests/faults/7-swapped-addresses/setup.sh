# The lab's setup, and a cluster DNS that answers a question about one of the
# two pods with the address of the other, under the name that was asked for.
source "$(dirname "${BASH_SOURCE[0]}")/../../../labs/statefulset/setup.sh" && (
  domain=app-python.default.svc.cluster.local
  corefile=$(kubectl get configmap coredns -n kube-system -o 'jsonpath={.data.Corefile}') || exit
  swapped=$(sed "/^ *kubernetes /i \\
    rewrite stop name exact app-python-0.$domain app-python-1.$domain answer auto\\
    rewrite stop name exact app-python-1.$domain app-python-0.$domain answer auto" \
    <<<"$corefile") || exit
  kubectl create configmap coredns -n kube-system --from-literal="Corefile=$swapped" \
    --dry-run=client -o yaml | kubectl replace -f - || exit
  kubectl rollout restart deployment/coredns -n kube-system || exit
  kubectl rollout status deployment/coredns -n kube-system --timeout=120s || exit
)
