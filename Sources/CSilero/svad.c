#include "CSilero.h"
#include <stdlib.h>
#include <string.h>
#include <math.h>
#define AI static inline __attribute__((always_inline))
typedef float v8 __attribute__((vector_size(32), aligned(4)));
typedef int   i8 __attribute__((vector_size(32), aligned(4)));
#define NR 16                       // panel width = 2 x v8
#define MAXB 8                      // sessions per inner block
struct svad_model {
  int isa;
  float *p1,*p2,*p3,*p4,*pl;        // packed panels [N/16][K][16]
  float b1[128],b2[64],b3[64],b4[128],bl[512],fw[128],fb;
  float win[256], twr[64], twi[64], sr[65], si[65];
};
static float *pack(const float *W,int N,int K,int (*idx)(int,int)) {
  float *p = aligned_alloc(64,((size_t)N*K*4+63)&~63ul);
  for (int j=0;j<N/NR;j++) for (int k=0;k<K;k++) for (int c=0;c<NR;c++)
    p[((size_t)j*K+k)*NR+c] = W[idx(j*NR+c,k)];
  return p;
}
// K index is tap*Cin+ci ; W is [Cout][Cin][3]
static int ix1(int o,int k){ return o*129*3 + (k%129)*3 + k/129; }
static int ix2(int o,int k){ return o*128*3 + (k%128)*3 + k/128; }
static int ix3(int o,int k){ return o*64*3  + (k%64)*3  + k/64 + 1; }   // taps 1,2 only
static int ix4(int o,int k){ return o*64*3  + k*3 + 1; }                // tap 1 only
svad_model *svad_model_create(const svad_tensors *t,int isa){
  svad_model *m = calloc(1,sizeof *m);
  __builtin_cpu_init();
  int best = __builtin_cpu_supports("avx512f") ? 2 : (__builtin_cpu_supports("avx2")&&__builtin_cpu_supports("fma")) ? 1 : 0;
  m->isa = (isa<0||isa>best)?best:isa;
  m->p1=pack(t->c1w,128,387,ix1); m->p2=pack(t->c2w,64,384,ix2); m->p3=pack(t->c3w,64,128,ix3); m->p4=pack(t->c4w,128,64,ix4);
  // LSTM: K = 256 ([x;h])
  m->pl = aligned_alloc(64,512*256*4);
  for (int j=0;j<512/NR;j++) for (int k=0;k<256;k++) for (int c=0;c<NR;c++)
    m->pl[((size_t)j*256+k)*NR+c] = k<128 ? t->wih[(j*NR+c)*128+k] : t->whh[(j*NR+c)*128+k-128];
  memcpy(m->b1,t->c1b,512); memcpy(m->b2,t->c2b,256); memcpy(m->b3,t->c3b,256); memcpy(m->b4,t->c4b,512);
  for (int i=0;i<512;i++) m->bl[i]=t->bih[i]+t->bhh[i];
  memcpy(m->fw,t->fw,512); m->fb=t->fb[0];
  for (int i=0;i<256;i++) m->win[i]=0.5-0.5*cos(2*M_PI*i/256);
  for (int i=0;i<64;i++){ m->twr[i]=cos(2*M_PI*i/128); m->twi[i]=-sin(2*M_PI*i/128); }
  for (int i=0;i<=64;i++){ m->sr[i]=cos(2*M_PI*i/256); m->si[i]=-sin(2*M_PI*i/256); }
  return m;
}
int svad_model_isa(const svad_model*m){return m->isa;}
void svad_model_free(svad_model*m){ if(!m)return; free(m->p1);free(m->p2);free(m->p3);free(m->p4);free(m->pl);free(m);}

AI v8 ld(const float*p){ return *(const v8*)p; }
AI void st8(float*p,v8 v){ *(v8*)p=v; }
AI v8 bc(float x){ return (v8){x,x,x,x,x,x,x,x}; }
AI v8 vmax(v8 a,v8 b){ i8 m=a>b; return (v8)(((i8)a&m)|((i8)b&~m)); }
AI v8 vmin(v8 a,v8 b){ i8 m=a<b; return (v8)(((i8)a&m)|((i8)b&~m)); }
AI v8 vexp(v8 x){
  x=vmin(vmax(x,bc(-87.f)),bc(87.f));
  v8 n = x*bc(1.44269504088896341f) + bc(12582912.f); v8 r=n-bc(12582912.f);
  v8 f = x - r*bc(0.693359375f); f = f - r*bc(-2.12194440e-4f);
  v8 p = bc(1.9875691500E-4f); p=p*f+bc(1.3981999507E-3f); p=p*f+bc(8.3334519073E-3f); p=p*f+bc(4.1665795894E-2f);
  p=p*f+bc(1.6666665459E-1f); p=p*f+bc(5.0000001201E-1f); p=p*f*f+f+bc(1.f);
  i8 e=((i8)n - (i8)bc(12582912.f) + 127) << 23;
  return p*(v8)e;
}
AI v8 vsig(v8 x){ return bc(1.f)/(bc(1.f)+vexp(-x)); }
AI v8 vtanh(v8 x){ return bc(2.f)/(bc(1.f)+vexp(bc(-2.f)*x))-bc(1.f); }
// MR rows x PN panels of 16 columns
AI void tile(int MR,int PN,const float*const*rows,int K,const float*P,const float*bias,float*const*out,int relu){
  v8 a[8][2];
  for(int r=0;r<MR;r++)for(int p=0;p<PN;p++){ a[r*PN+p][0]=ld(bias+p*NR); a[r*PN+p][1]=ld(bias+p*NR+8); }
  for(int k=0;k<K;k++){
    for(int p=0;p<PN;p++){
      v8 w0=ld(P+((size_t)p*K+k)*NR), w1=ld(P+((size_t)p*K+k)*NR+8);
      for(int r=0;r<MR;r++){ v8 x=bc(rows[r][k]); a[r*PN+p][0]+=x*w0; a[r*PN+p][1]+=x*w1; }
    }
  }
  for(int r=0;r<MR;r++)for(int p=0;p<PN;p++)for(int h=0;h<2;h++){
    v8 v=a[r*PN+p][h]; if(relu) v=vmax(v,bc(0)); st8(out[r]+p*NR+h*8,v); }
}
AI void gemm(int M,int N,int K,const float*const*rows,const float*P,const float*bias,float*const*out,int relu){
  int np=N/NR, m=0;
  for(;m+4<=M;m+=4) for(int j=0;j<np;j++){ float*o[4]={out[m]+j*NR,out[m+1]+j*NR,out[m+2]+j*NR,out[m+3]+j*NR};
      tile(4,1,rows+m,K,P+(size_t)j*K*NR,bias+j*NR,o,relu); }
  for(;m+2<=M;m+=2) for(int j=0;j<np;j+=2){ float*o[2]={out[m]+j*NR,out[m+1]+j*NR};
      tile(2,2,rows+m,K,P+(size_t)j*K*NR,bias+j*NR,o,relu); }
  for(;m<M;m++) for(int j=0;j<np;j+=4){ float*o[1]={out[m]+j*NR};
      tile(1,4,rows+m,K,P+(size_t)j*K*NR,bias+j*NR,o,relu); }
}
// magnitude STFT of the 4 windows of two sessions (8 lanes); x0,x1 = 640 samples each
AI void stft8(const svad_model*m,const float*x0,const float*x1,float*o0,float*o1){
  v8 A[256],Bf[256];          // interleaved re,im
  for(int i=0;i<128;i++) for(int q=0;q<2;q++){ int s=2*i+q;
    v8 v={x0[s],x0[s+128],x0[s+256],x0[s+384],x1[s],x1[s+128],x1[s+256],x1[s+384]};
    A[2*i+q]=v*bc(m->win[s]); }
  v8*x=A,*y=Bf;
  for(int n=128,s=1;n>1;n>>=1,s<<=1){ int h=n/2;
    for(int p=0;p<h;p++){ v8 wr=bc(m->twr[p*s]),wi=bc(m->twi[p*s]);
      for(int q=0;q<s;q++){ v8*a=x+2*(q+s*p),*b=x+2*(q+s*(p+h)); v8 dr=a[0]-b[0],di=a[1]-b[1];
        v8*o=y+2*(q+s*2*p); o[0]=a[0]+b[0]; o[1]=a[1]+b[1]; v8*o2=y+2*(q+s*(2*p+1)); o2[0]=dr*wr-di*wi; o2[1]=dr*wi+di*wr; } }
    v8*t=x;x=y;y=t; }
  for(int k=0;k<=64;k++){ int k2=(128-k)&127;
    v8 zr=x[2*(k&127)],zi=x[2*(k&127)+1],yr=x[2*k2],yi=x[2*k2+1];
    v8 er=(zr+yr)*bc(.5f),ei=(zi-yi)*bc(.5f),orr=(zi+yi)*bc(.5f),oi=(yr-zr)*bc(.5f);
    v8 wr=bc(m->sr[k]),wi=bc(m->si[k]); v8 tr=orr*wr-oi*wi,ti=orr*wi+oi*wr;
    v8 ar=er+tr,ai=ei+ti,br=er-tr,bi=ei-ti; v8 ma=ar*ar+ai*ai,mb=br*br+bi*bi;
    for(int t=0;t<4;t++){ o0[t*129+k]=ma[t]; o1[t*129+k]=ma[t+4]; o0[t*129+128-k]=mb[t]; o1[t*129+128-k]=mb[t+4]; } }
}
AI void vsqrt_row(float*p,int n){ for(int i=0;i<n;i++) p[i]=__builtin_sqrtf(p[i]); }
typedef struct {
  float x[MAXB][640];
  float a0[MAXB][6*129+16];      // padded rows 0..5
  float a1[MAXB][6*128];         // padded rows
  float a2[MAXB][2*64];          // conv2 out, 2 rows
  float a3[MAXB][64];
  float xh[MAXB][256];
  float g[MAXB][512];
} scratch;
AI void block(const svad_model*m,scratch*s,svad_state*const*st,const float*const*fr,float*prob,int n){
  const float*rows[4*MAXB]; float*out[4*MAXB];
  for(int b=0;b<n;b++){ float*x=s->x[b]; memcpy(x,st[b]->ctx,256); memcpy(x+64,fr[b],2048);
    for(int i=0;i<64;i++) x[576+i]=x[574-i]; memcpy(st[b]->ctx,fr[b]+448,256); }
  for(int b=0;b<n;b+=2){ int b1=b+1<n?b+1:b; stft8(m,s->x[b],s->x[b1],s->a0[b]+129,s->a0[b1]+129);
    vsqrt_row(s->a0[b]+129,516); if(b1!=b) vsqrt_row(s->a0[b1]+129,516); }
  for(int b=0;b<n;b++)for(int t=0;t<4;t++){ rows[4*b+t]=s->a0[b]+t*129; out[4*b+t]=s->a1[b]+(t+1)*128; }
  gemm(4*n,128,387,rows,m->p1,m->b1,out,1);
  for(int b=0;b<n;b++)for(int t=0;t<2;t++){ rows[2*b+t]=s->a1[b]+2*t*128; out[2*b+t]=s->a2[b]+t*64; }
  gemm(2*n,64,384,rows,m->p2,m->b2,out,1);
  for(int b=0;b<n;b++){ rows[b]=s->a2[b]; out[b]=s->a3[b]; }
  gemm(n,64,128,rows,m->p3,m->b3,out,1);
  for(int b=0;b<n;b++){ rows[b]=s->a3[b]; out[b]=s->xh[b]; memcpy(s->xh[b]+128,st[b]->h,512); }
  gemm(n,128,64,rows,m->p4,m->b4,out,1);
  for(int b=0;b<n;b++){ rows[b]=s->xh[b]; out[b]=s->g[b]; }
  gemm(n,512,256,rows,m->pl,m->bl,out,0);
  for(int b=0;b<n;b++){ float*g=s->g[b]; v8 acc=bc(0);
    for(int i=0;i<128;i+=8){ v8 ig=vsig(ld(g+i)),fg=vsig(ld(g+128+i)),gg=vtanh(ld(g+256+i)),og=vsig(ld(g+384+i));
      v8 c=fg*ld(st[b]->c+i)+ig*gg; v8 h=og*vtanh(c); st8(st[b]->c+i,c); st8(st[b]->h+i,h);
      acc+=vmax(h,bc(0))*ld(m->fw+i); }
    float z=m->fb; for(int i=0;i<8;i++) z+=acc[i]; prob[b]=1.f/(1.f+expf(-z)); }
}
AI void steps(const svad_model*m,svad_state*const*st,const float*const*fr,float*prob,int n){
  scratch s __attribute__((aligned(64)));
  for(int b=0;b<(n<MAXB?n:MAXB);b++){ memset(s.a0[b],0,129*4); memset(s.a0[b]+5*129,0,(129+16)*4); memset(s.a1[b],0,512); memset(s.a1[b]+5*128,0,512); }
  for(int i=0;i<n;i+=MAXB) block(m,&s,st+i,fr+i,prob+i,n-i<MAXB?n-i:MAXB);
}
static void step_base(const svad_model*m,svad_state*const*st,const float*const*fr,float*p,int n){ steps(m,st,fr,p,n); }
__attribute__((target("avx2,fma"))) static void step_avx2(const svad_model*m,svad_state*const*st,const float*const*fr,float*p,int n){ steps(m,st,fr,p,n); }
__attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq"))) static void step_avx512(const svad_model*m,svad_state*const*st,const float*const*fr,float*p,int n){ steps(m,st,fr,p,n); }
void svad_step(const svad_model*m,svad_state*const*st,const float*const*fr,float*prob,int n){
  switch(m->isa){ case 2: step_avx512(m,st,fr,prob,n); break; case 1: step_avx2(m,st,fr,prob,n); break; default: step_base(m,st,fr,prob,n); }
}
