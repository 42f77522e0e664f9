{{- define "jokbo.labels" -}}
app.kubernetes.io/name: jokbo
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "jokbo.selector" -}}
app.kubernetes.io/name: jokbo
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "jokbo.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "jokbo.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "jokbo.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "jokbo.environment" -}}
env:
  - { name: TEMPORAL_ADDRESS, value: {{ .Values.temporal.address | quote }} }
  - { name: TEMPORAL_NAMESPACE, value: {{ .Values.temporal.namespace | quote }} }
  - { name: AWS_REGION, value: {{ .Values.s3.region | quote }} }
  {{- with .Values.s3.endpoint }}
  - { name: AWS_ENDPOINT_URL_S3, value: {{ . | quote }} }
  {{- end }}
  {{- with .Values.tracing.endpoint }}
  - { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
  {{- end }}
  {{- with .pool.tensorflow }}
  - { name: JOKBO_TENSORFLOW, value: {{ . | quote }} }
  {{- end }}
envFrom:
  - secretRef: { name: {{ .Values.database.secret | quote }} }
  {{- range compact (list .Values.s3.secret .Values.temporal.secret) }}
  - secretRef: { name: {{ . | quote }} }
  {{- end }}
{{- end }}
