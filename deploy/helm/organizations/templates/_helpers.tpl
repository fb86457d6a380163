{{- define "organizations.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- /* The labels of the pods that serve. The pod of the migrations lacks the component, or the Service would find it. */ -}}
{{- define "organizations.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end }}

{{- define "organizations.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "organizations.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "organizations.secret" -}}
{{ required "existingSecret: name a Secret with DATABASE_URL, ENCRYPTION_KEYS and SMTP_URL" .Values.existingSecret }}
{{- end }}

{{- define "organizations.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "organizations.containerSecurity" -}}
readOnlyRootFilesystem: true
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
{{- end }}

{{- define "organizations.environment" -}}
envFrom:
  - configMapRef:
      name: {{ include "organizations.name" . }}
  - secretRef:
      name: {{ include "organizations.secret" . }}
{{- end }}
