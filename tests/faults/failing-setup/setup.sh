# A setup that fails after it has said something on each stream.
echo "the applications are on their way"
kubectl get deployment/of-another-lab
